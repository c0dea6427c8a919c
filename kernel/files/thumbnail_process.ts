import sharp from 'sharp';

const MOST_PIXELS = 50_000_000;

interface Asked {
  source: string;
  target: string;
  edge: number;
}

// A process beside the server, for pictures that somebody sent. It ends with the one that fails.
process.on('message', async (asked) => {
  const { source, target, edge } = asked as Asked;
  sharp.concurrency(1);
  try {
    await sharp(source, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .rotate()
      .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
      .webp()
      .toFile(target);
    process.send?.(true);
  } catch {
    process.exit(1);
  }
});
