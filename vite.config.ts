import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'
import { VitePWA } from 'vite-plugin-pwa'

const NODE_ORIGIN = `http://localhost:${process.env['PORT'] ?? '5000'}`

const COMPRESSIBLE = /\.(?:js|css|html|svg|webmanifest)$/u

/** `vite --mode mock` runs the page on a fake core, with no network, no service worker and no node. */
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('src/ui-web', import.meta.url)),
  plugins: [
    vue(),
    tailwindcss(),
    VitePWA({ ...progressiveWebApp, disable: mode === 'mock' }),
    // A node sends what the browser takes: a third of the bytes.
    ...(mode === 'mock'
      ? []
      : [
          compression({
            algorithms: ['brotliCompress', 'gzip'],
            include: COMPRESSIBLE,
            logLevel: 'silent',
          }),
        ]),
  ],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: fileURLToPath(new URL('dist/ui-web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: { polyfill: false },
    // A data: address would need its own exception in the node's content security policy.
    assetsInlineLimit: 0,
    // The peer (libp2p and all) is one lazy chunk by design; the shell stays far below this.
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/api': NODE_ORIGIN } },
}))

const progressiveWebApp: Parameters<typeof VitePWA>[0] = {
  // A new version waits until the user says so: reloading by itself would cut conversations.
  registerType: 'prompt',
  injectRegister: false,
  includeAssets: ['favicon.svg', 'apple-touch-icon.png'],
  manifest: {
    id: '/',
    name: 'Sotto',
    short_name: 'Sotto',
    description: 'A private messenger with no server in between',
    start_url: '/',
    display: 'standalone',
    background_color: '#f4f1ea',
    theme_color: '#2f6f68',
    // docs/specs/contact-link.md §2: the link stays in the fragment, which nobody is sent
    protocol_handlers: [{ protocol: 'web+sotto', url: '/#%s' }],
    icons: [
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
  workbox: {
    globPatterns: ['**/*.{js,css,html,svg,png}'],
    maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
    navigateFallback: '/index.html',
    // No runtime caching at all: whatever the node answers under /api never enters a cache.
    navigateFallbackDenylist: [/^\/api(\/|$)/, /^\/metrics$/],
    cleanupOutdatedCaches: true,
    importScripts: ['notice-worker.js'],
    sourcemap: false,
  },
}
