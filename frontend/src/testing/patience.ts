import { configure } from "@testing-library/react";

// A whole page is rendered, its code loaded on the way: on a busy machine that
// takes longer than the second that is waited for by default. And jsdom has no
// layout, by which Fluent finds what an open dialog hides: it may hide the dialog.
configure({ asyncUtilTimeout: 8_000, defaultHidden: true });
