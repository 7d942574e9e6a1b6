// What table.js of Datasette wants to know, and menus that close when one clicks beside them.
window.DATASETTE_ALLOW_FACET = true;
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((details) => {
    if (!details.contains(event.target)) details.open = false;
  });
});
