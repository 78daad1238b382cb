import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, client, type Schema } from "@/shared/api/client";
import { allItems } from "@/shared/api/pages";
import { meQuery } from "@/shared/api/session";

export type Member = Schema<"Member">;
export type Role = Member["role"];
export type Control = Schema<"Control">;

/** The header that says which state a change starts from. */
const ifMatch = (revision: number) => ({ "If-Match": `"${revision}"` });

const membersPath = "/workspaces/{workspace_id}/members";
const memberPath = "/workspaces/{workspace_id}/members/{user_id}";
const controlsPath = "/workspaces/{workspace_id}/operational-controls";

export const membersQuery = (workspaceId: string) => ({
  queryKey: ["get", membersPath, { workspaceId }, "all"] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    allItems<Member>((cursor) =>
      client.GET(membersPath, {
        params: { path: { workspace_id: workspaceId }, query: { limit: 200, cursor } },
        signal,
      }),
    ),
});

/** The caller's own tokens; nobody else's are ever listed. */
export const tokensQuery = () => ({
  queryKey: ["get", "/me/tokens", "all"] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    allItems<Schema<"Token">>((cursor) =>
      client.GET("/me/tokens", { params: { query: { limit: 200, cursor } }, signal }),
    ),
});

export const controlsQuery = (workspaceId: string) =>
  api.queryOptions("get", controlsPath, { params: { path: { workspace_id: workspaceId } } });

export const workspaceQuery = (workspaceId: string) =>
  api.queryOptions("get", "/workspaces/{workspace_id}", { params: { path: { workspace_id: workspaceId } } });

/** A mutation after which queries are asked again, also when it was refused; also those that only loaders read. */
function useChange<Input, Output>(
  change: (input: Input) => Promise<Output>,
  ...stale: (readonly unknown[])[]
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey, refetchType: "all" }))),
  });
}

/** The answer's body, or the problem thrown. */
async function bodyOf<Data>(answer: Promise<{ data?: Data; error?: unknown }>): Promise<Data> {
  const { data, error } = await answer;
  if (data === undefined) throw error;
  return data;
}

async function done(answer: Promise<{ error?: unknown }>): Promise<void> {
  const { error } = await answer;
  if (error) throw error;
}

export const useAddMember = (workspaceId: string) =>
  useChange(
    (body: Schema<"AddMemberRequest">) =>
      bodyOf(client.POST(membersPath, { params: { path: { workspace_id: workspaceId } }, body })),
    membersQuery(workspaceId).queryKey,
  );

export const useChangeRole = (workspaceId: string) =>
  useChange(
    ({ member, role }: { member: Member; role: Role }) =>
      bodyOf(
        client.PATCH(memberPath, {
          params: {
            path: { workspace_id: workspaceId, user_id: member.user_id },
            header: ifMatch(member.revision),
          },
          body: { role },
        }),
      ),
    membersQuery(workspaceId).queryKey,
    meQuery().queryKey,
  );

export const useRemoveMember = (workspaceId: string) =>
  useChange(
    (member: Member) =>
      done(
        client.DELETE(memberPath, {
          params: {
            path: { workspace_id: workspaceId, user_id: member.user_id },
            header: ifMatch(member.revision),
          },
        }),
      ),
    membersQuery(workspaceId).queryKey,
  );

export const useCreateToken = () =>
  useChange(
    (body: Schema<"CreateTokenRequest">) => bodyOf(client.POST("/me/tokens", { body })),
    tokensQuery().queryKey,
  );

export const useRevokeToken = () =>
  useChange(
    (id: string) => done(client.DELETE("/me/tokens/{token_id}", { params: { path: { token_id: id } } })),
    tokensQuery().queryKey,
  );

/** Pauses or resumes; the first change of a control has no state to start from. */
export const useSetControl = (workspaceId: string) =>
  useChange(
    ({ control, body }: { control: Control; body: Schema<"PutControlRequest"> }) =>
      bodyOf(
        client.PUT("/workspaces/{workspace_id}/operational-controls/{operation_type}", {
          params: {
            path: { workspace_id: workspaceId, operation_type: control.operation_type },
            header: control.revision > 0 ? ifMatch(control.revision) : undefined,
          },
          body,
        }),
      ),
    controlsQuery(workspaceId).queryKey,
  );

export const useRenameWorkspace = (workspaceId: string) =>
  useChange(
    ({ revision, display_name }: { revision: number; display_name: string }) =>
      bodyOf(
        client.PATCH("/workspaces/{workspace_id}", {
          params: { path: { workspace_id: workspaceId }, header: ifMatch(revision) },
          body: { display_name },
        }),
      ),
    workspaceQuery(workspaceId).queryKey,
    meQuery().queryKey,
  );
