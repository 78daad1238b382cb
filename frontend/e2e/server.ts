import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Where the specs find the product and how they sign in. */
export interface Product {
  url: string;
  password: string;
}

const patience = 240_000;

const program = resolve(import.meta.dirname, "../../.cache/bin/tenantatlas");

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? found(address.port) : failed(new Error("no port")),
      );
    });
  });
}

/** Resolves with the password once the program has said that it runs. */
function started(child: ChildProcess): Promise<string> {
  return new Promise((running, failed) => {
    let said = "";
    const timer = setTimeout(() => failed(new Error(`not ready in time:\n${said}`)), patience);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const password = /everybody's password is (\S+)/.exec(said)?.[1];
      if (!password || !said.includes("An API token:")) return;
      clearTimeout(timer);
      running(password);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => failed(new Error(`ended with ${code}:\n${said}`)));
  });
}

/**
 * Starts the real product with its demo tenants for all specs of a run. A
 * running one can be named with TENANTATLAS_URL and TENANTATLAS_PASSWORD.
 */
export default async function startProduct(): Promise<() => Promise<void>> {
  if (process.env.TENANTATLAS_URL) return async () => undefined;
  const folder = mkdtempSync(join(tmpdir(), "tenantatlas-e2e-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(program, ["up", "--data-dir", folder, "--listen", url.slice("http://".length)]);
  process.env.TENANTATLAS_PASSWORD = await started(child);
  process.env.TENANTATLAS_URL = url;
  return async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The product that startProduct started. */
export function product(): Product {
  const { TENANTATLAS_URL: url, TENANTATLAS_PASSWORD: password } = process.env;
  if (!url || !password) throw new Error("the product is not running");
  return { url: url.replace(/\/$/, ""), password };
}
