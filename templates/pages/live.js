// Shows a page again when it has changed, unless the reader is writing; without it a reload does the same.
"use strict";
const shown = document.documentElement.dataset.version;
const writing = () => [...document.querySelectorAll("textarea, input:not([type=hidden])")].some((box) => box.value !== box.defaultValue);
const look = async () => {
  if (document.hidden || writing() || document.querySelector("details.who[open]")) return;
  const answer = await fetch(location.pathname + location.search, { cache: "no-store" }).catch(() => null);
  if (answer && answer.ok && answer.headers.get("etag") !== `"${shown}"` && !writing()) location.reload();
};
if (shown && !document.querySelector("meta[http-equiv=refresh], [role=alert]")) setInterval(look, 1500);
