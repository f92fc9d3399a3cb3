/** Words in a prompt by which a person or a test asks the sandbox's painters for something special. */

/** Comes blurred all over, as content filters leave it. */
export const BLURRED = 'veiled-picture-please';

/** Comes as one flat colour. */
export const BLANK = 'vacant-picture-please';

/** Is refused before anything is painted. */
export const BANNED = 'banned-picture-please';
