// The visit form on a poor line: the draft stays in this tab until it has arrived, a photo is made small before it is sent.
// The page is whole without this file.
(function () {
  "use strict";
  var form = document.querySelector("form[data-draft]");
  if (!form) { return; }
  var place = "draft/" + form.dataset.draft;
  var LONGEST = 1600, QUALITY = 0.82;

  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && field.type !== "file" && field.name !== "csrfmiddlewaretoken";
    });
  }

  function keep() {
    var values = {};
    fields().forEach(function (field) {
      if (field.type === "radio") { if (field.checked) { values[field.name] = field.value; } }
      else if (field.type === "checkbox") { values[field.name] = field.checked; }
      else { values[field.name] = field.value; }
    });
    try { sessionStorage.setItem(place, JSON.stringify(values)); } catch (error) { /* full or forbidden: go on without */ }
  }

  function restore() {
    var values;
    try { values = JSON.parse(sessionStorage.getItem(place) || "null"); } catch (error) { values = null; }
    if (!values) { return; }
    if (form.dataset.recorded.split(",").indexOf(values.entry_key) >= 0) { sessionStorage.removeItem(place); return; }
    fields().forEach(function (field) {
      if (!(field.name in values)) { return; }
      if (field.type === "radio") { field.checked = field.value === values[field.name]; }
      else if (field.type === "checkbox") { field.checked = values[field.name]; }
      else { field.value = values[field.name]; }
    });
    document.getElementById("draft").hidden = false;
  }

  function shrink(input) {
    var file = input.files[0];
    if (!file || !window.createImageBitmap || !window.DataTransfer) { return; }
    createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) {
        // Drawn anew, the picture also loses the place where it was taken.
        if (!blob) { return; }
        var box = new DataTransfer();
        box.items.add(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
        input.files = box.files;
      }, "image/jpeg", QUALITY);
    }).catch(function () { /* no picture the browser can read: the server says so */ });
  }

  restore();
  form.addEventListener("input", keep);
  form.addEventListener("submit", keep);
  form.addEventListener("change", function (event) {
    if (event.target.type === "file") { shrink(event.target); }
  });
})();
