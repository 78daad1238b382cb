import { Key20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { ActionButton } from "@/shared/ui/action-button";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { RelativeTime } from "@/shared/ui/relative-time";
import { Answer, Empty } from "@/shared/ui/states";
import { tokensQuery } from "./queries";
import { SettingsSection } from "./section";
import { CreateToken, RevokeToken } from "./token-dialogs";

type Token = Schema<"Token">;

/** The caller's API tokens. A token can do what its person can do. */
export function TokensSection() {
  const query = useQuery(tokensQuery());
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  return (
    <SettingsSection
      title="API tokens"
      lead="Your own tokens, for scripts and other programs. A token can do what you can do, until it expires or you revoke it."
      action={
        <ActionButton appearance="primary" icon={<Key20Regular />} onClick={() => setCreating(true)}>
          Create token
        </ActionButton>
      }
    >
      <Answer query={query} what="your tokens" rows={3}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Empty title="You have no tokens">Create one to use the API from a program.</Empty>
          ) : (
            <DataTable
              label="API tokens"
              columns={tokenColumns(setRevoking)}
              rows={tokens}
              rowId={({ id }) => id}
              rowName={({ name }) => name}
              minWidth={960}
            />
          )
        }
      </Answer>
      {creating && <CreateToken onClose={() => setCreating(false)} />}
      {revoking && <RevokeToken token={revoking} onClose={() => setRevoking(undefined)} />}
    </SettingsSection>
  );
}

function tokenColumns(revoke: (token: Token) => void): Column<Token>[] {
  return [
    { id: "name", header: "Name", cell: ({ name }) => name },
    { id: "prefix", header: "Begins with", width: 160, cell: ({ prefix }) => <code>{prefix}…</code> },
    {
      id: "created",
      header: "Created",
      width: 128,
      cell: ({ created_at }) => <RelativeTime at={created_at} />,
    },
    {
      id: "used",
      header: "Last used",
      width: 128,
      cell: ({ last_used_at }) => <RelativeTime at={last_used_at} />,
    },
    {
      id: "expires",
      header: "Expires",
      width: 128,
      cell: ({ expires_at }) => <RelativeTime at={expires_at} />,
    },
    {
      id: "actions",
      header: "Actions",
      width: 112,
      cell: (token) => (
        <ActionButton size="small" aria-label={`Revoke ${token.name}`} onClick={() => revoke(token)}>
          Revoke
        </ActionButton>
      ),
    },
  ];
}
