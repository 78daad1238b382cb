import { describe, expect, it, vi } from "vitest";
import { mockNetwork, problem } from "@/testing/network";
import { apiOrigin, client } from "./client";

const askMe = async () => (await client.GET("/me")).error;

describe("the client", () => {
  it("hands on the server's problems", async () => {
    mockNetwork({ "GET /api/v1/me": problem(401, "unauthenticated") });
    expect(await askMe()).toMatchObject({ code: "unauthenticated", status: 401 });
  });

  it("makes a problem of an answer that is none", async () => {
    mockNetwork({ "GET /api/v1/me": () => new Response("<h1>Bad gateway</h1>", { status: 502 }) });
    expect(await askMe()).toMatchObject({ code: "unreadable", status: 502 });
  });

  it("makes a problem of a network that is away", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await askMe()).toMatchObject({ code: "unreachable" });
  });

  it("asks the origin that the page names", () => {
    const meta = document.createElement("meta");
    meta.name = "tenantatlas-api";
    meta.content = "https://api.example/";
    document.head.append(meta);
    expect(apiOrigin()).toBe("https://api.example");
    meta.remove();
    expect(apiOrigin()).toBe(window.location.origin);
  });
});
