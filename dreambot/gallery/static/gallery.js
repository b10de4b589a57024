// The slider between picture and dream, and the buttons that copy. The pages work without this script.
"use strict";

for (const compare of document.querySelectorAll(".compare")) {
  const label = compare.querySelector(".compare-range");
  const range = label.querySelector("input");
  const show = () => compare.style.setProperty("--cut", `${range.value}%`);
  const dream = compare.querySelector(".compare-after img");
  compare.style.setProperty("--width", `${dream.getAttribute("width")}px`);
  compare.style.setProperty("--ratio", dream.getAttribute("width") / dream.getAttribute("height"));
  range.addEventListener("input", show);
  compare.classList.add("stacked");
  label.hidden = false;
  show();
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      // Without a secure connection there is no clipboard: the text is selected instead.
      getSelection().selectAllChildren(text);
      if (!document.execCommand("copy")) return;
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
