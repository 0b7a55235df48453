/**
 * Actions on their way to Python, which changes the workflow and sends it back.
 *
 * Each time all are sent that Python has not yet said to have handled, so none is lost when one
 * message overtakes another. Python knows by their numbers which of them it has had; the numbers
 * are times, so they also grow from one canvas to the next that takes its place.
 */
export class Queue {
  #send;
  #waiting = [];
  #last = 0;

  constructor(send) {
    this.#send = send;
  }

  add(action) {
    this.#last = Math.max(this.#last + 1, Date.now());
    this.#waiting.push({ ...action, number: this.#last });
    this.#send([...this.#waiting]);
  }

  /** Python has handled the actions up to this number. */
  settle(number) {
    this.#last = Math.max(this.#last, number);
    this.#waiting = this.#waiting.filter((action) => action.number > number);
  }

  isWaitingFor(what) {
    return this.#waiting.some((action) => action.do === what);
  }
}
