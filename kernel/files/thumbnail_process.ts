import sharp from 'sharp';

const MOST_PIXELS = 50_000_000;

interface Asked {
  source: string;
  target: string;
  edge: number;
}

// A process of its own, for one picture that somebody sent.
process.once('message', async (asked) => {
  const { source, target, edge } = asked as Asked;
  sharp.concurrency(1);
  try {
    await sharp(source, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .rotate()
      .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
      .webp()
      .toFile(target);
    process.exit(0);
  } catch {
    process.exit(1);
  }
});
