/** Who works on a case, as the server takes it; neither: nobody, or where a move asks, whoever has it. */
export interface Owner {
  person_id?: number;
  unit?: string;
}
