/* The story's page with JavaScript: a card for each mark, and layers that are remembered. */
import { Card } from "./card.js";
import { watchLayers } from "./layers.js";

const text = document.querySelector(".story-text");
const layers = watchLayers(document.querySelector(".layers"), text);
new Card(text, layers).listen();
