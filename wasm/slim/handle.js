// What JavaScript holds of a callback: objects of its own, so that nobody has to free them, and the garbage collector need not
// tell anybody. While `node` is not 0, there is a handle in C++, which holds this object and lives as long as its `loop`.

class Handle {
  constructor(callback) {
    this.callback = callback;
    this.node = 0;
    this.loop = 0;
    this.wasCancelled = false;
  }
  cancel() {
    this.wasCancelled = true;
    const node = this.node;
    this.node = 0;
    if (node !== 0) _loopscope_cancel(node, this.loop);
  }
  cancelled() {
    return this.wasCancelled;
  }
}

class TimerHandle extends Handle {
  constructor(callback, when) {
    super(callback);
    this.deadline = when;
  }
  when() {
    return this.deadline;
  }
}
