import { useQuery } from "@tanstack/react-query";
import { policyTypesQuery } from "@/shared/api/tenants";

/** The catalogue's word for a policy type; its key until the catalogue is there. */
export function usePolicyTypeLabel(): (key: string | null) => string | undefined {
  const { data } = useQuery(policyTypesQuery());
  return (key) => (key === null ? undefined : (data?.items.find((type) => type.key === key)?.label ?? key));
}
