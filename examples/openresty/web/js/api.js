// SPDX-License-Identifier: MIT
// The HTTP API of the site (/v1/openapi.json). What fails is thrown as a Problem,
// with the sentence of the server.

export class Problem extends Error {
  constructor(status, body, wait) {
    super(body.detail || body.title || `The server answered with status ${status}.`);
    this.status = status;
    this.title = body.title;
    this.code = body.code;
    this.wait = wait;
  }
}

const NO_ANSWER = "The site cannot be reached.";

async function problem(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // Whoever stands between may answer with a page of its own.
  }
  const wait = Number(response.headers.get("Retry-After")) || undefined;
  return new Problem(response.status, body, wait);
}

/** Everything else is built on this: the response, or a Problem is thrown. */
export async function request(method, path, options = {}) {
  let response;
  try {
    response = await fetch(`/v1${path}`, { method, credentials: "same-origin", ...options });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0, { detail: NO_ANSWER });
  }
  if (response.ok) return response;
  if (response.status === 401) window.dispatchEvent(new Event("signed-out"));
  throw await problem(response);
}

async function body(response) {
  return response.status === 204 ? null : response.json();
}

export async function get(path, signal) {
  return body(await request("GET", path, { signal }));
}

export async function post(path, value, headers = {}) {
  const form = value instanceof FormData;
  return body(await request("POST", path, {
    headers: form ? headers : { "Content-Type": "application/json", ...headers },
    body: form ? value : JSON.stringify(value ?? {}),
  }));
}

export async function remove(path) {
  return body(await request("DELETE", path));
}

/** The query of a list: what is not known is left out. */
export function query(values) {
  const known = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return known.length > 0 ? `?${new URLSearchParams(known)}` : "";
}

/** For Idempotency-Key: what is sent twice by accident is one job. */
export function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
