/** Tables as text: read as the API reads them, written so that it and a spreadsheet read the same. */

export type Grid = readonly (readonly string[])[];

const DELIMITERS = [",", ";", "\t"] as const;

/** The rows of a table that say something; cells are parted by whichever of comma, semicolon and tab the header has most of. */
export function readTable(text: string): string[][] {
  const told = text.replace(/^\uFEFF/, "");
  const header = told.split(/\r?\n/).find((line) => line.trim() !== "") ?? "";
  const delimiter = DELIMITERS.reduce((best, each) => (header.split(each).length > header.split(best).length ? each : best));
  return recordsOf(told, delimiter).filter((cells) => cells.some((cell) => cell.trim() !== ""));
}

/** Quotes hold whatever they enclose, also line ends; two of them are one quote. */
function recordsOf(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += sign;
        at++;
      } else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === delimiter) {
      cells.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at++;
      records.push([...cells, cell]);
      [cells, cell] = [[], ""];
    } else cell += sign;
  }
  return [...records, [...cells, cell]];
}

/** The table as CSV text, each cell as it is. */
export function writeTable(rows: Grid): string {
  return rows.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

/** A table to be opened in a spreadsheet: what it would take for a formula is marked as text, as the API's own tables are. */
export function sheetOf(rows: Grid): string {
  return writeTable(rows.map((cells) => cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))));
}

function quoted(cell: string): string {
  return /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The text of a file: UTF-8 or UTF-16, or else what spreadsheets in the West write when they write neither. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Offer a text as a file to keep. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
