const overview = document.getElementById("overview"), patient = document.getElementById("patient");
const body = document.querySelector("#patients tbody"), find = document.getElementById("find");
const least = document.getElementById("least"), shown = document.getElementById("shown");

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

async function show() {
  const id = decodeURIComponent(location.hash.slice(1));
  const page = [...document.querySelectorAll("script[data-page]")].find((one) => one.dataset.page === id);
  patient.hidden = !page;
  overview.hidden = Boolean(page);
  overview.classList.toggle("alone", !page);
  if (!page) return;
  patient.innerHTML = await unpack(page.textContent);
  reach(patient);
  patient.focus();
  scrollTo(0, 0);
}

function filter() {
  const word = find.value.trim().toLowerCase();
  let count = 0;
  for (const row of body.rows) {
    row.hidden = !row.textContent.toLowerCase().includes(word) || Number(row.dataset.worst) < Number(least.value);
    count += !row.hidden;
  }
  shown.textContent = `${count} / ${body.rows.length}`;
}

function sort(button) {
  const place = Number(button.dataset.sort), head = button.closest("th");
  const up = head.getAttribute("aria-sort") === "descending";
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const key = (row) => row.cells[place].dataset.key;
  const order = (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true });
  body.append(...[...body.rows].sort((a, b) => (up ? order(a, b) : order(b, a))));
}

addEventListener("hashchange", show);
find.addEventListener("input", filter);
least.addEventListener("change", filter);
document.querySelector("#patients thead").addEventListener("click", (e) => e.target.dataset.sort && sort(e.target));
filter();
show();
