// The SQL box with colours; without this file it is a plain one that works as well.
const box = document.querySelector("textarea#sql-editor");
if (box && window.CodeMirror) {
  const editor = CodeMirror.fromTextArea(box, { lineNumbers: true, mode: "text/x-sql", lineWrapping: true });
  editor.setOption("extraKeys", { "Shift-Enter": () => box.form.requestSubmit(), Tab: false });
}
