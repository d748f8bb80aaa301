"use strict";
// Steps through the runs of the page. Reads data- attributes, writes classes and textContent.
(() => {
  const wide = matchMedia("(min-width: 60.01rem)");
  let current;

  // Scrolls a box, not the page, until a third of it lies behind the element.
  function within(outer, inner, side) {
    const [one, size] = side === "Top" ? ["top", "clientHeight"] : ["left", "clientWidth"];
    const at = inner.getBoundingClientRect()[one] - outer.getBoundingClientRect()[one];
    const room = outer[size];
    if (at < 0 || at > room * (2 / 3)) outer[`scroll${side}`] += at - room / 3;
  }

  const runs = [...document.querySelectorAll(".run")].map((box) => {
    const rows = Number(box.dataset.rows);
    const steps = [...box.querySelectorAll(".steps ol > li")];
    const source = box.closest(".report").querySelector(".source");
    const lines = new Map([...source.querySelectorAll(".line")].map((one) => [one.dataset.line, one]));
    const cells = [...box.querySelectorAll(".state td[data-item]")];
    const start = cells.map((cell) => cell.previousElementSibling.textContent);
    const column = box.querySelectorAll(".state thead th")[2];
    const table = box.querySelector(".state");
    const run = { box, at: -1, home: () => box.append(table) };

    function state() {
      const values = [...start];
      const changed = new Set();
      steps.slice(0, run.at + 1).forEach((step, row) => {
        step.querySelectorAll("[data-item]").forEach((set) => {
          values[Number(set.dataset.item)] = set.dataset.value;
          if (row === run.at) changed.add(Number(set.dataset.item));
        });
      });
      cells.forEach((cell) => {
        const item = Number(cell.dataset.item);
        cell.textContent = values[item];
        cell.classList.toggle("changed", changed.has(item));
      });
      column.textContent = run.at < 0 ? "now, before the first step" : "now";
    }

    function light() {
      lines.forEach((line) => line.classList.remove("lit", "here"));
      steps.slice(0, run.at + 1).reverse().reduce((seen, step) => {
        const line = lines.get(step.dataset.line);
        if (line && !seen.has(step.dataset.lane)) {
          seen.add(step.dataset.lane);
          line.classList.add("here");
        }
        return seen;
      }, new Set());
      const now = run.at < 0 ? undefined : lines.get(steps[run.at].dataset.line);
      if (!now) return;
      now.classList.add("lit");
      const pre = now.closest("pre");
      within(pre, now, "Top");
    }

    function mark() {
      box.classList.add("stepping");
      box.querySelectorAll("[data-row]").forEach((one) => {
        const row = Number(one.dataset.row);
        one.classList.toggle("now", row === run.at);
        one.classList.toggle("later", row > run.at);
      });
      box.querySelectorAll("[data-target]").forEach((one) => {
        one.classList.toggle("now", Number(one.dataset.target) === run.at);
        one.classList.toggle("later", Number(one.dataset.target) > run.at);
      });
      box.querySelector("output").textContent = `${run.at + 1} of ${rows}`;
      box.querySelector("[data-go='-1']").disabled = run.at < 0;
      box.querySelector("[data-go='1']").disabled = run.at === rows - 1;
    }

    function show() {
      const shown = [...box.querySelectorAll(".now[data-row]")].find((one) => one.getClientRects().length);
      if (!shown) return;
      const place = shown.getBoundingClientRect();
      if (place.top < 60 || place.bottom > innerHeight) scrollBy(0, place.top - innerHeight / 2);
      const changed = table.querySelector(".changed");
      if (changed && wide.matches) within(source.querySelector(".slot"), changed, "Top");
      const dot = box.querySelector(".row.now .dot");
      if (dot && wide.matches) within(box.querySelector(".picture"), dot, "Left");
    }

    // On a wide screen the state stands beside the run, above the source, and stays in sight.
    run.choose = () => {
      if (current && current !== run) current.home();
      current = run;
      if (wide.matches) source.querySelector(".slot").replaceChildren(table);
      else run.home();
    };
    run.go = (to) => {
      run.choose();
      run.at = Math.max(-1, Math.min(rows - 1, to));
      mark();
      state();
      light();
      show();
    };
    box.querySelector(".keys").hidden = false;
    box.querySelectorAll("button").forEach((button) => {
      button.addEventListener("click", () => run.go(run.at + Number(button.dataset.go)));
    });
    box.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (row && !String(getSelection())) run.go(Number(row.dataset.row));
    });
    box.addEventListener("focusin", run.choose);
    return run;
  });
  if (runs.length) runs[0].choose();
  wide.addEventListener("change", () => current && current.choose());

  // Sideways keys step wherever the reader is; the others scroll the page unless a run has focus.
  document.addEventListener("keydown", (event) => {
    if (!current || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const inside = current.box.contains(document.activeElement);
    const last = Number(current.box.dataset.rows) - 1;
    const moves = {
      ArrowRight: current.at + 1,
      ArrowLeft: current.at - 1,
      ...(inside && { ArrowDown: current.at + 1, ArrowUp: current.at - 1, Home: -1, End: last }),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    current.go(moves[event.key]);
  });
})();
