// The built pages behind the headers nginx sets, with invented answers behind /api: a stand for tests of the pages alone.
import { readFileSync, existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** Equal to deploy/nginx: a page that needs more than this must fail here. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };

export type Answer = (method: string, path: string, query: URLSearchParams, body: unknown) => { status: number; body?: unknown };

export interface Site {
  address: string;
  close: () => void;
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? null : JSON.parse(text);
}

/** A path with an extension is a file or nothing; the others are pages of the one document. */
function fileOf(root: string, path: string): string | null {
  if (extname(path) === "") {
    return join(root, "index.html");
  }
  const wanted = join(root, normalize(path));
  return wanted.startsWith(root) && existsSync(wanted) ? wanted : null;
}

export async function siteStart(root: string, answer: Answer, isLive: () => boolean): Promise<Site> {
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("Content-Security-Policy", POLICY);
    if (url.pathname === "/api/events") {
      response.writeHead(isLive() ? 200 : 503, { "Content-Type": "text/event-stream" });
      response.write("event: ping\ndata: {}\n\n");
      return;
    }
    if (url.pathname.startsWith("/api/")) {
      const { status, body } = answer(request.method ?? "GET", url.pathname.slice("/api".length), url.searchParams, await bodyOf(request));
      response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json" });
      response.end(body === undefined ? "" : JSON.stringify(body));
      return;
    }
    const file = fileOf(root, url.pathname);
    if (file === null) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
