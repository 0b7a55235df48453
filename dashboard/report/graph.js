// Draws the graph of a report, and leads from a node to its step.
(mount) => {
  const PAPER = 620; // pixels: what a sheet of paper has room for
  const place = document.getElementById("graph");
  const data = JSON.parse(document.getElementById("graph-data").textContent);
  const phone = matchMedia("(max-width: 40rem)");
  const fitting = () => (phone.matches ? data.narrow : data.wide);

  function open(node) {
    const steps = [...document.querySelectorAll("details[data-node]")];
    const step = steps.findLast((each) => each.dataset.node === node);
    if (!step) return;
    step.open = true;
    step.scrollIntoView();
    step.querySelector("summary").focus({ preventScroll: true });
  }

  place.replaceChildren();
  const shown = mount(place, fitting(), { onSelect: open });

  // On paper it is as it was on the screen, only smaller: nobody can move it there.
  addEventListener("beforeprint", () => {
    const width = place.clientWidth;
    place.style.width = `${width}px`;
    place.style.zoom = Math.min(1, PAPER / width);
  });
  addEventListener("afterprint", () => place.removeAttribute("style"));
  phone.addEventListener("change", () => shown.update(fitting()));
}
