import path from 'node:path'

/**
 * What each layer may reach: `crypto ← chat ← node ← ui-web`, and the page only through the browser composition.
 * A value is a list of path prefixes below `src/`.
 */
const MAY_IMPORT = {
  'crypto/': ['crypto/'],
  'chat/': ['chat/', 'crypto/'],
  'node/': ['node/', 'chat/', 'crypto/'],
  'ui-web/': ['ui-web/', 'node/browser/', 'chat/api.ts'],
}

const layerOf = (file) => Object.keys(MAY_IMPORT).find((layer) => file.startsWith(layer))

/** Resolves every relative import, so that a folder's name inside a path can neither trip nor fool the rule. */
export const importDirection = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      direction: 'src/{{layer}} must not import src/{{target}}: crypto ← chat ← node ← ui-web',
    },
  },
  create(context) {
    const source = path.join(context.cwd, 'src') + path.sep
    if (!context.filename.startsWith(source)) return {}
    const own = path.relative(source, context.filename).replaceAll(path.sep, '/')
    const layer = layerOf(own)
    if (layer === undefined) return {}

    const check = (node) => {
      const specifier = node?.value
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return
      const target = path.posix.join(path.posix.dirname(own), specifier.replace(/\?.*$/u, ''))
      if (MAY_IMPORT[layer].some((prefix) => target.startsWith(prefix))) return
      context.report({ node, messageId: 'direction', data: { layer, target } })
    }
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
    }
  },
}
