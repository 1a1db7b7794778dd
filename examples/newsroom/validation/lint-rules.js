/** What the newsroom's code is held to; run from the folder above, on `app/`. */
import eslint from '@eslint/js';
import typescript from 'typescript-eslint';

export default typescript.config(eslint.configs.recommended, typescript.configs.recommended, {
  rules: {
    'no-eval': 'error',
    'no-implied-eval': 'error',
    'no-new-func': 'error',
    complexity: ['error', 20],
  },
});
