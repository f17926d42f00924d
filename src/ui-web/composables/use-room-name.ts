import { useI18n } from 'vue-i18n'

const LOBBY = 'lobby'

/** Rooms keep their names in every language, but for the lobby. */
export function useRoomName() {
  const { t } = useI18n()
  const isLobby = (name: string): boolean => name === LOBBY
  return { isLobby, roomName: (name: string) => (isLobby(name) ? t('room.lobby') : name) }
}
