// The HTML page in a real browser: opened from disk, driven by hand-like events.
//   node page_test.mjs PAGE CHROMIUM FOLDER-FOR-SCREENSHOTS
// prints one line for each check, and ends with 1 if any failed. Run by page_test.py.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [file, executablePath, shots] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
mkdirSync(shots, { recursive: true });

let failures = 0;
const check = (ok, sentence, detail = "") => {
  console.log(`${ok ? "ok" : "NOT OK"}: ${sentence}${ok ? "" : " " + detail}`);
  if (!ok) failures += 1;
};
const equal = (found, wanted, sentence) =>
  check(JSON.stringify(found) === JSON.stringify(wanted), sentence,
        `(found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)})`);

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

// Every request but the page's own, every message of the console, every uncaught error.
const open = async (options = {}, address = url) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 },
                                             acceptDownloads: true, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const to = request.url();
    if (to.split("#")[0] !== url && !/^(blob|data):/.test(to)) complaints.push(`request: ${to}`);
  });
  await page.goto(address);
  await page.waitForSelector("body[data-ready=yes]");
  return { page, context, complaints };
};

const texts = (page, selector) => page.$$eval(selector, (found) => found.map((e) => e.textContent));
const firstCells = (page) => texts(page, "#rows-body tr > :nth-child(2)");
const marks = (page) => page.locator("#explorer [aria-roledescription=point]").count();

const { page, context, complaints } = await open();
const rows = JSON.parse(await page.$eval("#data", (e) => e.textContent)).rows;
const hasChart = await page.evaluate(() => typeof vegaEmbed === "function");

// --- table
equal((await firstCells(page)).length, Math.min(200, rows.length), "the table shows every row");
await page.click("[data-sort=ratio]");
const ratios = async () => (await page.evaluate(() => {
  const at = [...document.querySelectorAll("#rows-head th")].findIndex(
    (th) => th.querySelector("[data-sort=ratio]"));
  return [...document.querySelectorAll("#rows-body tr")].map((tr) => tr.children[at])
    .filter((td) => td && td.textContent).map((td) => parseFloat(td.textContent));
}));
const isSorted = (list, sign) => list.every((x, i) => i === 0 || sign * (list[i - 1] - x) >= 0);
check(isSorted(await ratios(), 1), "a click sorts with the best ratio first");
equal(await page.getAttribute("th:has([data-sort=ratio])", "aria-sort"), "descending",
      "a screen reader is told");
await page.click("[data-sort=ratio]");
check(isSorted(await ratios(), -1), "a second click turns the order around");
check(page.url().includes("sort=ratio"), "the order is in the address", page.url());

await page.keyboard.press("Escape");
await page.locator("body").press("/");
equal(await page.evaluate(() => document.activeElement.id), "filter", "/ goes to the filter");
const codec = rows[0].codec;
await page.keyboard.type(codec);
const wanted = rows.filter((row) => `${row.corpus} ${row.codec}`.toLowerCase()
  .includes(codec.toLowerCase())).length;
equal((await firstCells(page)).length, wanted, "the filter leaves rows that match");
check((await page.textContent("#rows-count")).startsWith(`${wanted} of`), "and says how many");
await page.fill("#filter", "no such codec");
equal((await firstCells(page)).length, 0, "a filter that nothing matches leaves none");
await page.fill("#filter", "");

// --- bandwidth
const ranking = () => texts(page, "#transfer-body tr td:nth-child(2)");
await page.fill("#bandwidth", "5");
const slow = await ranking();
await page.fill("#bandwidth", "11");
const fast = await ranking();
check(slow.length > 1 && slow.join() !== fast.join(), "the bandwidth changes who is soonest");
check((await page.textContent("#bandwidth-text")).includes("Gbit/s"), "it is shown with its unit");
await page.focus("#bandwidth");
await page.keyboard.press("ArrowLeft");
check((await page.textContent("#bandwidth-text")) !== "100 Gbit/s", "arrow keys move the slider");

// --- explorer
if (hasChart) {
  const all = await marks(page);
  check(all > 0, "the explorer has points");
  const family = page.locator("#families input").first();
  const name = await family.getAttribute("value");
  const own = rows.filter((row) => row.codec.replace(/^~/, "").split(/[: ]/)[0] === name);
  await family.uncheck();
  await page.waitForFunction((n) => document.querySelectorAll(
    "#explorer [aria-roledescription=point]").length < n, all, { timeout: 5000 })
    .catch(() => {});
  check(own.length === 0 || (await marks(page)) < all, `without ${name} there are fewer points`);
  check(page.url().includes("off="), "the choice is in the address");
  await family.check();
  await page.waitForFunction((n) => document.querySelectorAll(
    "#explorer [aria-roledescription=point]").length === n, all);
  await page.selectOption("#x", "decode");
  await page.waitForFunction(() => document.querySelector("#explorer svg").textContent
    .includes("decode"));
  check(true, "the axis can be chosen");
  const point = page.locator("#explorer [aria-roledescription=point]").first();
  await point.hover({ force: true });
  await page.waitForSelector("#vg-tooltip-element.visible", { timeout: 5000 });
  const tip = await page.textContent("#vg-tooltip-element");
  check(/codec/.test(tip) && /ratio/.test(tip), "a pointer on a point shows all its numbers", tip);
  await point.click({ force: true });
  await page.waitForSelector("#codec:not([hidden])");
  check(true, "a click on a point opens its codec");
  const save = page.waitForEvent("download");
  await page.click("#save-chart");
  const svg = readFileSync(await (await save).path(), "utf8");
  check(svg.includes("<svg"), "the chart can be saved as SVG");
}

// --- a codec's files
await page.click("#rows-body tr:first-child button");
const title = await page.textContent("#codec-title");
equal((await texts(page, "#codec-body tr")).length > 0, true, "a codec shows its files");
check(page.url().includes("codec="), "the codec is in the address");

// --- state in the address
const again = await open({}, page.url());
equal(await again.page.textContent("#codec-title"), title, "a link opens the same codec");
equal(await again.page.inputValue("#bandwidth"), await page.inputValue("#bandwidth"),
      "and the same bandwidth");
equal(await firstCells(again.page), await firstCells(page), "and the same order of rows");
await again.context.close();

// --- the run itself
const buttons = await page.$$("[data-run]");
for (const button of buttons) {
  const download = page.waitForEvent("download");
  await button.click();
  const run = JSON.parse(readFileSync(await (await download).path(), "utf8"));
  check(run.schema === 1 && run.records.length > 0, "the run downloads as JSON");
}
check(buttons.length > 0, "there is a run to download");
const csv = page.waitForEvent("download");
await page.click("#save-rows");
const lines = readFileSync(await (await csv).path(), "utf8").split("\r\n");
equal(lines.length - 2, rows.length, "the rows download as CSV");

equal(complaints, [], "no message in the console and no request");

// --- strict policy: a script that is none of the page's does not run
const foreign = await page.evaluate(() => {
  const script = document.createElement("script");
  script.textContent = "window.foreign = 1";
  document.head.append(script);
  return window.foreign;
});
check(foreign === undefined, "a script that is none of the page's does not run");
await context.close();

// --- without scripts
const bare = await browser.newContext({ javaScriptEnabled: false });
const plain = await bare.newPage();
await plain.goto(url);
check(await plain.isVisible("#static-rows table"), "without scripts the table is there");
check((await plain.locator("figure svg").count()) > 0, "and the figures");
check(!(await plain.isVisible("#explore")), "and nothing that does not work");
await bare.close();

// --- accessibility, and pictures to look at
for (const width of [390, 1440]) {
  for (const colorScheme of ["light", "dark"]) {
    const view = await open({ viewport: { width, height: 900 }, colorScheme }, url + "#sort=-ratio");
    await view.page.evaluate(readFileSync(axeFile, "utf8"));
    const { violations } = await view.page.evaluate(() => axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
    equal(serious.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160))}`), [],
          `axe finds nothing serious, ${colorScheme}, ${width} px`);
    const minor = violations.filter((v) => !serious.includes(v)).map((v) => v.id);
    if (minor.length > 0) console.log(`note: minor findings of axe: ${minor.join(", ")}`);
    const overflow = await view.page.evaluate(() =>
      document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(overflow <= 0, `the page is no wider than ${width} px, ${colorScheme}`, `(by ${overflow})`);
    await view.page.screenshot({ path: join(shots, `${colorScheme}-${width}.png`), fullPage: true });
    equal(view.complaints, [], `no complaint, ${colorScheme}, ${width} px`);
    await view.context.close();
  }
  const print = await open({ viewport: { width, height: 900 } });
  await print.page.emulateMedia({ media: "print" });
  check(!(await print.page.isVisible("#filter")), `controls are not printed, ${width} px`);
  await print.page.screenshot({ path: join(shots, `print-${width}.png`), fullPage: true });
  if (width === 1440) await print.page.pdf({ path: join(shots, "print.pdf"), format: "A4" });
  await print.context.close();
}

await browser.close();
process.exit(failures === 0 ? 0 : 1);
