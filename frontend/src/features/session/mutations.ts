import { api } from "@/shared/api/client";

/** Opens a session; the server sets its cookie. */
export const useSignIn = () => api.useMutation("post", "/session");
