// Draws the graph of a report, and leads from a node to its step.
(mount) => {
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
  phone.addEventListener("change", () => shown.update(fitting()));
}
