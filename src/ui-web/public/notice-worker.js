/* Part of the service worker: a notice that was chosen brings the page to the front. src/ui-web/core/system-notices.ts */
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then(async (windows) => {
      for (const window of windows) window.postMessage({ chosenNotice: event.notification.tag })
      const [first] = windows
      if (first === undefined) await self.clients.openWindow('/')
      else await first.focus()
    }),
  )
})
