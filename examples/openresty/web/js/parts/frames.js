// SPDX-License-Identifier: MIT
// What the frames of T.30 say, in a few words each.

const MEANINGS = {
  CNG: "calling tone", CED: "answer tone", DIS: "what the called machine can do",
  DTC: "a request to be sent documents", DCS: "what is used for this document",
  NSF: "features of its maker", NSC: "a request with features of its maker",
  NSS: "set-up with features of its maker", CSI: "the called machine names itself",
  TSI: "the sender names itself", CIG: "the polling machine names itself",
  SUB: "a sub-address", SEP: "a selective polling address", PWD: "a password",
  TCF: "training check", CFR: "the training was good: go on", FTT: "the training failed",
  CTC: "go on at another speed", CTR: "agreed to another speed",
  FCD: "the data of the page", RCP: "the end of the data", EOM: "a page ends, new settings follow",
  MPS: "a page ends, another one follows", EOP: "the last page ends", EOR: "gives up repeating",
  PPS: "a block of the page ends", PPR: "send these frames again", RNR: "not ready yet",
  RR: "are you ready?", ERR: "agreed to give up repeating", EOS: "a selection ends",
  MCF: "received well", RTP: "received, train again", RTN: "received badly, train again",
  PIP: "received well, an operator asks", PIN: "received badly, an operator asks",
  DCN: "hangs up", CRP: "say that again", FNV: "a field was not valid", TNR: "not ready to send",
  TR: "ready to send?", PRI: "an operator asks",
};

export function meaning(frame) {
  return MEANINGS[frame] ?? MEANINGS[frame.split("-")[0]] ?? "";
}

// What ends a page, or a block of one: with error correction its data have an event
// of their own (FCD), without they are what is before one of these.
const ENDS = new Set(["MPS", "EOM", "EOP", "PPS"]);
const PAGE = new Set(["FCD", "PAGE"]);

/** The page data within an exchange: { from, to, sent } are moments. */
export function images(events) {
  const found = [];
  events.forEach((event, i) => {
    const next = events[i + 1];
    if (PAGE.has(event.frame)) {
      if (next) found.push({ from: event.moment, to: next.moment, sent: event.sent });
    } else if (next && ENDS.has(next.frame) && event.sent !== next.sent) {
      found.push({ from: event.moment, to: next.moment, sent: next.sent });
    }
  });
  return found;
}
