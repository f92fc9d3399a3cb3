/** The only import of csv-parse. Load it on first use: `await import('../vendor/csv-parse')`. */
export { CsvError, parse } from 'csv-parse';
