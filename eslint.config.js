import eslint from '@eslint/js'
import { globalIgnores } from 'eslint/config'
import globals from 'globals'
import pluginVue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import { importDirection } from './scripts/eslint/import-direction.js'
import { layers } from './scripts/eslint/layers.js'

const typescriptRules = {
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-shadow': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // `void promise` is how a promise is let go on purpose, and `() => void` callbacks may be one-liners.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
  // An interface's method may have nothing to wait for in one of its implementations.
  '@typescript-eslint/require-await': 'off',
}

const everywhere = {
  'no-console': 'error',
  'no-eval': 'error',
  eqeqeq: 'error',
  'object-shorthand': 'error',
  'prefer-template': 'error',
}

export default tseslint.config(
  globalIgnores(['dist/', 'node_modules/', 'coverage/', '**/pb/*.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...pluginVue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    plugins: { sotto: { rules: { 'import-direction': importDirection } } },
    rules: { ...everywhere, ...typescriptRules },
  },
  { files: ['src/**/*.{ts,vue}'], rules: { 'sotto/import-direction': 'error' } },
  ...layers,
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser }, globals: globals.browser },
    rules: {
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      // Layout belongs to Prettier.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  {
    // ESLint cannot see into a component's type; vue-tsc can, and checks all of these.
    files: ['src/ui-web/**/*.vue', 'src/ui-web/main.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // `const { name = '' } = defineProps<…>()` is how a prop gets its default.
      '@typescript-eslint/no-useless-default-assignment': 'off',
    },
  },
  {
    files: ['src/ui-web/**/*.{ts,vue}'],
    rules: {
      // `const { t } = useI18n()`: composables hand out functions that need no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `@click="save"` with an async function is how Vue's listeners are written; Vue catches what they throw.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // chai's `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  // Where writing to the terminal is the point.
  {
    files: ['src/node/cli/**', 'scripts/**', 'bench/**', 'test/network/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['src/ui-web/public/*.js'],
    languageOptions: { globals: globals.serviceworker },
  },
)
