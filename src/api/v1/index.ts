// v1: our own API.
export { docs } from './docs_plugin.ts';
export { answerProblems, sendProblem } from './problem.ts';
export { v1 } from './v1_plugin.ts';
