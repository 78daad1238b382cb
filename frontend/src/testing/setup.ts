import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// What Fluent, the virtual table and the router ask of a browser and jsdom lacks.
class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", NoObserver);
vi.stubGlobal("scrollTo", () => undefined);
vi.stubGlobal("matchMedia", (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));

// Thousands of style rules make every look for a role slow, and no spec is about looks.
CSSStyleSheet.prototype.insertRule = () => 0;

// Long, so that a busy machine fails no spec.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
