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

  // Words that were typed and not yet taken outlive a time-out, a refusal or a reload: they stay in this tab, for this
  // person and address, until the server has said that it took them. Passwords and files are never among them.
  var OPEN = "keep:", person = OPEN + (document.body.dataset.user || "") + ":";
  function shelf(form) { return person + location.pathname + ":" + form.dataset.keep; }
  function words(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && (field.tagName === "TEXTAREA" || field.tagName === "SELECT" || /^(text|date|number|search)$/.test(field.type));
    });
  }
  function store(act) { try { return act(window.sessionStorage); } catch (error) { return null; } }
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || !form.dataset.keep) { return; }
    var typed = {};
    words(form).forEach(function (field) { if (field.value !== field.dataset.first) { typed[field.name] = field.value; } });
    store(function (kept) { kept.setItem(shelf(form), JSON.stringify(typed)); });
  });
  document.addEventListener("submit", function (event) {
    if (event.target.dataset.keep) { store(function (kept) { kept.setItem(OPEN + "sent", shelf(event.target)); }); }
    if (event.target.hasAttribute("data-leave")) {
      store(function (kept) { Object.keys(kept).forEach(function (name) { if (name.indexOf(OPEN) === 0) { kept.removeItem(name); } }); });
    }
  });
  store(function (kept) {
    if (document.querySelector(".messages .success")) { kept.removeItem(kept.getItem(OPEN + "sent")); kept.removeItem(OPEN + "sent"); }
    document.querySelectorAll("form[data-keep]").forEach(function (form) {
      words(form).forEach(function (field) { field.dataset.first = field.value; });
      var typed = JSON.parse(kept.getItem(shelf(form)) || "{}"), back = 0;
      words(form).forEach(function (field) {
        if (field.name in typed && typed[field.name] !== field.value) { field.value = typed[field.name]; back += 1; }
      });
      if (!back) { return; }
      var note = document.createElement("p");
      note.className = "note";
      note.setAttribute("role", "status");
      note.textContent = "上次填写而没有提交成功的内容已经恢复，请核对后再提交。";
      form.insertBefore(note, form.firstChild);
    });
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
