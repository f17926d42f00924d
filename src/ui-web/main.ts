import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createPageI18n } from './locales/i18n.ts'
import { usePreferencesStore } from './stores/preferences.ts'
import './style.css'

const pinia = createPinia()
const preferences = usePreferencesStore(pinia)

createApp(App).use(pinia).use(createPageI18n(preferences.language)).mount('#app')
