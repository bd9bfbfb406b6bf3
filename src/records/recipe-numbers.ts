// Kinds of numbers that many fields of a recipe are.
import { z } from "zod";

export const positive = z.number().positive();
export const count = z.number().int().positive();
/** In [0, 1]. */
export const share = z.number().min(0).max(1);
