import type { Module } from '../module.ts';
import type { AnyOperation } from '../operation.ts';
import { changeComment, writeComment } from './comment.ts';

export const commentsModule: Module & { folder: string; operations: AnyOperation[] } = {
  name: 'comments',
  label: 'Comments',
  folder: 'kernel/comments',
  depends: ['kernel', 'identity', 'audit', 'files'],
  permissions: { 'comments.write': 'Write comments on records that one may read.' },
  roles: {
    cashier: ['comments.write'],
    manager: ['comments.write'],
    administrator: ['comments.write'],
  },
  refusals: {
    comment_not_yours: 'Only who wrote a comment changes it or takes it back.',
  },
  menu: [],
  operations: [writeComment, changeComment],
};
