/** Of the folder that holds copies of what is checked, below that for temporary files. */
export const COPIES_PREFIX = 'surefoot-check-';
