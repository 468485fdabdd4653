// The time, for what is told in hours that are left.
import { ref } from 'vue';

const STEP_MS = 30_000;
export const now = ref(Date.now());
setInterval(() => {
  now.value = Date.now();
}, STEP_MS);
