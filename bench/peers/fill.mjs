// No peer but a floor: a canvas as large as the window, filled with one colour each frame.

export async function load(_, container) {
  const canvas = document.createElement('canvas');
  canvas.width = container.clientWidth;
  canvas.height = container.clientHeight;
  container.append(canvas);
  const context = canvas.getContext('2d');
  let frame = 0;
  return {
    look() {
      frame += 1;
      context.fillStyle = frame % 2 === 0 ? '#fff' : '#eee';
      context.fillRect(0, 0, canvas.width, canvas.height);
    },
  };
}
