/** The only import of chart.js: the parts that draw bars. It runs in a browser, inside the page's own script. */
export { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from 'chart.js';
