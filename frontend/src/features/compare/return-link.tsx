import { Link } from "@fluentui/react-components";
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";

/** Back to where the operator came from, with its query. to: a checked path of this application. */
export function ReturnLink({ to }: { to: string }) {
  const router = useRouter();
  function follow(event: MouseEvent) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(to);
  }
  return (
    <Link href={to} onClick={follow}>
      Return
    </Link>
  );
}
