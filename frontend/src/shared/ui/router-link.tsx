import { Button, type ButtonProps, Link as FluentLink, type LinkProps } from "@fluentui/react-components";
import { createLink } from "@tanstack/react-router";
import { type AnchorHTMLAttributes, forwardRef } from "react";

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement>;

const Anchor = forwardRef<HTMLAnchorElement, AnchorProps & Pick<LinkProps, "appearance" | "inline">>(
  (props, ref) => <FluentLink {...(props as Extract<LinkProps, { as?: "a" }>)} as="a" ref={ref} />,
);

type Look = Pick<ButtonProps, "appearance" | "icon" | "size">;

const AnchorButton = forwardRef<HTMLAnchorElement, AnchorProps & Look>((props, ref) => (
  <Button {...(props as Extract<ButtonProps, { as: "a" }>)} as="a" ref={ref} />
));

/** A link to a page of the application: <RouterLink {...paths.tenant(id)}>. */
export const RouterLink = createLink(Anchor);

/** The same, looking like a button. It is still a link. */
export const RouterButton = createLink(AnchorButton);
