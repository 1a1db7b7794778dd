/** What is started as somebody starts it, whatever role it is given. */
export const surefootProgram = new URL('../../bin/surefoot.mjs', import.meta.url).pathname;
