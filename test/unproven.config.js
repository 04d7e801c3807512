import { common, unproven } from './vm.config.js';

export default { ...common, files: unproven };
