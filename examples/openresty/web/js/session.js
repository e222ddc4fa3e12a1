// SPDX-License-Identifier: MIT
// Who is signed in. The key itself is not kept here: the server gives a cookie that
// no script can read.

import { get, post, remove } from "./api.js";

let session = null;

export const user = () => session?.user;
/** Whether the key has that right; the server holds it to it in any case. */
export const may = (right) => !session?.rights || session.rights.includes(right)
  || session.rights.includes("FAX_ALL_ACCESS");

export async function resume() {
  session = await get("/session");
}

export async function signIn(key) {
  await post("/session", { key });
  await resume();
}

export async function signOut() {
  session = null;
  await remove("/session");
}
