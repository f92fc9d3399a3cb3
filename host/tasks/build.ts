/** `npm run build`: dist/ from the sources, failing on the first thing that is not right. */
import { runTool } from '../tools';

void runTool('gulp/bin/gulp.js', ['build', ...process.argv.slice(2)]);
