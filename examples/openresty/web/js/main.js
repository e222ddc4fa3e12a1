// SPDX-License-Identifier: MIT
// The frame: signs in, shows the view of the address, marks it in the navigation.

import { element } from "./dom.js";
import { leave as keepFile } from "./parts/drop.js";
import { icon } from "./parts/icon.js";
import * as live from "./live.js";
import { go, here, leave, route, show } from "./router.js";
import * as session from "./session.js";
import { fax } from "./views/fax.js";
import { folder } from "./views/folder.js";
import { hook } from "./views/hook.js";
import { hookNew } from "./views/hook_new.js";
import { hooks } from "./views/hooks.js";
import { job } from "./views/job.js";
import { ports } from "./views/ports.js";
import { queue } from "./views/queue.js";
import { send } from "./views/send.js";
import { signIn } from "./views/sign_in.js";

const PAGES = [
  { path: "/queue", name: "Queue" },
  { path: "/send", name: "Send", right: "FAX_JOB_SUBMIT" },
  { path: "/inbox", name: "Inbox", right: "FAX_JOB_QUERY" },
  { path: "/sent", name: "Sent" },
  { path: "/ports", name: "Ports", right: "FAX_PORT_QUERY" },
  { path: "/hooks", name: "Webhooks" },
];

const nav = document.getElementById("nav");
const who = document.getElementById("who");
let signedIn = false;

function drawNav() {
  const pages = PAGES.filter(({ right }) => !right || session.may(right));
  nav.replaceChildren(element("ul", {}, pages.map(({ path, name }) => element("li", {},
    element("a", { href: `#${path}` }, icon(path.slice(1)), name)))));
}

function mark() {
  const first = `#/${here().split("/")[1]}`.replace("#/job", "#/queue");
  for (const link of nav.querySelectorAll("a")) {
    if (link.getAttribute("href") === first) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function enter(focus) {
  signedIn = true;
  document.getElementById("user").textContent = session.user() ?? "";
  drawNav();
  nav.hidden = who.hidden = false;
  live.start();
  show(focus);
}

function ask(focus, why) {
  signedIn = false;
  live.stop();
  leave();
  nav.hidden = who.hidden = true;
  signIn({ main: document.getElementById("main"), focus, why, done: () => enter(true) });
}

route("/queue", queue);
route("/send", send);
route("/job/:id", job);
route("/inbox", folder("inbox"));
route("/inbox/:id", fax("inbox"));
route("/sent", folder("sent"));
route("/sent/:id", fax("sent"));
route("/ports", ports);
route("/hooks", hooks);
route("/hooks/new", hookNew);
route("/hooks/:id", hook);

window.addEventListener("hashchange", () => signedIn && show(true));
window.addEventListener("shown", mark);
window.addEventListener("signed-out", () => signedIn
  && ask(true, "You were signed out. Sign in again to go on."));
document.getElementById("sign-out").addEventListener("click", async () => {
  signedIn = false;
  await session.signOut().catch(() => {});
  ask(true);
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
// A file that is dropped beside the field for it must not replace the page; on another
// page it is one to send.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => {
    event.preventDefault();
    const file = kind === "drop" && signedIn && here() !== "/send" && event.dataTransfer?.files[0];
    if (file) {
      keepFile(file);
      go("/send");
    }
  });
}

session.resume().then(() => enter(false), () => ask(false));
