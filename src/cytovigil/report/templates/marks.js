"use strict";
function reach(root) {
  for (const mark of root.querySelectorAll("svg [aria-label][role='graphics-symbol']")) mark.setAttribute("tabindex", "0");
}

function tip(event) {
  const mark = event.target.closest && event.target.closest("svg [aria-label][tabindex]");
  let box = document.getElementById("tip");
  if (!mark) { if (box) box.remove(); return; }
  if (!box) { box = document.createElement("div"); box.id = "tip"; document.body.append(box); }
  box.textContent = mark.getAttribute("aria-label");
}

document.addEventListener("focusin", tip);
document.addEventListener("pointerover", tip);
reach(document);
