// What pages need beyond HTML and htmx. Every page works without this file.
(function () {
  "use strict";

  // A second click must not send the same workbook twice: the button rests until the page changes.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.querySelectorAll("button[type=submit], button:not([type])").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.busy) { button.textContent = button.dataset.busy; }
    });
  });
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) { window.print(); }
    document.querySelectorAll("details.who[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.who[open]").forEach(function (menu) { menu.removeAttribute("open"); });
  });

  // A select marked data-go sends its form at once; without JavaScript the button beside it does.
  document.addEventListener("change", function (event) {
    if (event.target.matches("select[data-go]")) { event.target.form.requestSubmit(); }
  });

  // When work in the background is done the server asks for a fresh page.
  document.addEventListener("htmx:afterSwap", function () {
    if (document.querySelector("[data-reload]")) { window.location.reload(); }
  });
})();
