// Item ids. An item is one thing that can be labelled; its id is a string that stays the same for ever (`train/00017`,
// `cats/tom.jpg`). Ids are used everywhere outside; positions exist only inside one call that says what they index.

/** The stable name of an item. */
export type ItemId = string;

/** An item with what a person (or a data set) says of it. `Label` is the task's: a class index, boxes, joints. */
export interface LabelledItem<Label = unknown> {
  readonly id: ItemId;
  readonly label: Label;
  /** Cycle in which the label was asked for; 0 is the initial set. */
  readonly cycle: number;
}
