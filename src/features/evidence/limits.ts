/** Characters of a statement. */
export const statementLength = 2_000;
/** Characters of a source's name. */
export const sourceNameLength = 200;
/** Characters of a source's URL. */
export const sourceUrlLength = 1_000;
/** Figures of one observation. */
export const mostFigures = 10;
/** Characters of a file. */
export const fileLength = 300_000;
export const tooLongFile = `A file has at most ${fileLength.toLocaleString("en")} characters. Divide it.`;
/** Observations in a file or in one reading of a feed. */
export const mostRows = 500;
/** Observations on one page of the list. */
export const pageSize = 50;
/** Observations in one exported file. */
export const exportedRows = 10_000;
/** Characters of the name of a figure. */
export const figureNameLength = 80;
/** Characters of a unit. */
export const unitLength = 20;
/** Figures that can be chosen: those of the last observations. */
export const figuresShown = 100;
/** Values in a chart: those of the last events. */
export const valuesShown = 200;
