"""The tables that `measure.py` prints."""

import numpy as np
import torch
import torch.nn.functional as F

from corpus import document_of, emobank, goemotions
from labels import EMOTIONS, SHARES, THREE_OF
from measure import bag, fitted, folded, glad, pearson, po_emo, report, roc_auc_score, three_of_po_emo, three_report
from network import judge, load
from teacher import MiniLM, vectors_of


def features(told):
    """What a ridge is given of the network: meaning, the layer before the answers, the answers."""
    answers, meaning, hidden = told
    return np.concatenate([meaning * 5, hidden, answers], 1)


def chances(answers):
    return torch.from_numpy(answers[:, 2:]).softmax(1).numpy()


def of_rows(data, name, texts):
    """The rows of a source's arrays in which these texts are."""
    place = {text: k for k, text in enumerate((data / f"{name}.txt").read_text().splitlines())}
    return [place[" ".join(text.split())] for text in texts]


def three_of_goemotions(rows):
    """Comments whose labels are all of one of the three classes: their places, and the class."""
    found = []
    for k, (_, labels) in enumerate(rows):
        classes = {THREE_OF.get(EMOTIONS[label][0], -1) for label in labels}
        if len(classes) == 1 and -1 not in classes:
            found.append((k, classes.pop()))
    return np.array(found)


def three_of_classes(shares):
    """[N, 3]: angry, excitement, sadness of the nine classes."""
    return np.stack([shares[:, 4], shares[:, 3] + shares[:, 0] / 2 + shares[:, 1] / 2, shares[:, 7]], 1)


class Context:
    """Sentences with those before and after them in their document, as lines of a song have."""

    def __init__(self, groups):
        self.groups = groups

    def blend(self, told, sure, near, far, least=0.05):
        out = told.copy()
        weight = np.maximum(sure, least)[:, None]
        for group in self.groups:
            x, w = told[group], weight[group]
            total, sums = w.copy(), w * x
            for away, share in ((1, near), (2, far)):
                if len(group) > away:
                    total[away:] += share * w[:-away]
                    sums[away:] += share * (w * x)[:-away]
                    total[:-away] += share * w[away:]
                    sums[:-away] += share * (w * x)[away:]
            out[group] = sums / total
        return out


def documents(rows):
    """Places of EmoBank's sentences by document, in the order of the text."""
    groups = {}
    for k, row in enumerate(rows):
        groups.setdefault(document_of(row[0]), []).append(k)
    begin = lambda k: int(rows[k][0].rsplit("_", 2)[-2]) if rows[k][0].count("_") > 1 else 0
    return [np.array(sorted(group, key=begin)) for group in groups.values()]


def run(args):
    every = emobank(args.text)
    of, vectors = vectors_of(args.data, "emobank")
    asked = {row: n for n, row in enumerate(of)}
    at = of_rows(args.data, "emobank", [row[1] for row in every])
    kept = [k for k, row in enumerate(at) if row in asked]
    models = {path.parent.name: judge(*load(path), [row[1] for row in every]) for path in args.model}
    print("EmoBank, five folds by document: valence, arousal (mean and deviation of folds); valence, arousal (all at once)")
    print(f"All {len(every)} sentences:")
    if not args.skip_baselines:
        report("bag of words + ridge", every, folded(every, lambda k: None))
    context = Context(documents(every))
    y = np.array([row[2:4] for row in every])
    for name, told in models.items():
        x, sure = features(told), 1 - chances(told[0])[:, 8]
        report(f"{name} + ridge", every, folded(every, lambda k: x))
        report(f"{name}, as it is", every, told[0][:, :2])
        order = np.argsort(-sure)[: len(every) // 2]
        print(f"  of the surer half: valence {pearson(told[0][order, 0], y[order, 0]):.3f}")
        print(f"  mean and deviation of the answers: {told[0][:, :2].mean(0)}, {told[0][:, :2].std(0)}")
        for near, far in [(0.1, 0.05), (0.2, 0.1), (0.35, 0.15)]:
            report(f"  with neighbours {near} {far}", every, context.blend(told[0][:, :2], sure, near, far))
    rows = [every[k] for k in kept]
    embedded = vectors[[asked[at[k]] for k in kept]]
    print(f"Of them {len(rows)}, of which the teacher was asked:")
    if not args.skip_baselines:
        report("bag of words + ridge", rows, folded(rows, lambda k: None))
        report("MiniLM + ridge", rows, folded(rows, lambda k: embedded))
    for name, told in models.items():
        x = features(told)[kept]
        report(f"{name} + ridge", rows, folded(rows, lambda k: x))
    classes(args)


def classes(args):
    train, test = goemotions(args.text, "train"), goemotions(args.text, "test")
    three, learned = three_of_goemotions(test), three_of_goemotions(train)
    lines = [test[k][0] for k in three[:, 0]]
    poems = po_emo(args.text, "english")
    of_poems = three_of_po_emo(poems)
    sung = [poems[k][0] for k in of_poems[:, 0]]
    glads = glad(poems)
    verses = [poems[k][0] for k in glads[:, 0]]
    print("Three classes: macro precision, recall, F1; weighted precision, recall, F1")
    print(f"GoEmotions' test set, {len(three)} comments; PO-EMO, {len(of_poems)} lines; glad or sorry, {len(glads)} lines")
    if not args.skip_baselines:
        one_hot = np.eye(3)[learned[:, 1]]
        a, b = bag([train[k][0] for k in learned[:, 0]], lines + sung)
        scores = fitted(a, one_hot).predict(b)
        three_report("GoEmotions: bag of words + ridge", scores[: len(lines)], three[:, 1])
        three_report("PO-EMO: bag of words + ridge", scores[len(lines) :], of_poems[:, 1])
        of, vectors = vectors_of(args.data, "goemotions")
        asked = {row: n for n, row in enumerate(of)}
        kept = lambda places: [(n, asked[row]) for n, row in enumerate(places) if row in asked]
        pairs = kept(of_rows(args.data, "goemotions", [train[k][0] for k in learned[:, 0]]))
        model = fitted(vectors[[row for _, row in pairs]], one_hot[[n for n, _ in pairs]])
        teacher = MiniLM()
        three_report("GoEmotions: MiniLM + ridge", model.predict(teacher.embed(lines).astype(np.float32)), three[:, 1])
        three_report("PO-EMO: MiniLM + ridge", model.predict(teacher.embed(sung).astype(np.float32)), of_poems[:, 1])
        places = np.array([np.mean([EMOTIONS[label][1] for label in labels]) for _, labels in train])
        pairs = kept(of_rows(args.data, "goemotions", [text for text, _ in train]))
        valence = fitted(vectors[[row for _, row in pairs]], places[[n for n, _ in pairs]]).predict(teacher.embed(verses).astype(np.float32))
        print(f"PO-EMO glad or sorry, area under the curve: MiniLM {roc_auc_score(glads[:, 1], valence):.3f}")
        a, b = bag([text for text, _ in train], verses)
        print(f"  bag of words {roc_auc_score(glads[:, 1], fitted(a, places).predict(b)):.3f}")
    for path in args.model:
        network, vocabulary = load(path)
        three_report(f"GoEmotions: {path.parent.name}", three_of_classes(chances(judge(network, vocabulary, lines)[0])), three[:, 1])
        told = judge(network, vocabulary, [line for line, _, _ in poems])[0]
        shares = chances(told)
        three_report(f"PO-EMO: {path.parent.name}", three_of_classes(shares[of_poems[:, 0]]), of_poems[:, 1])
        stanzas = {}
        for k, (_, _, stanza) in enumerate(poems):
            stanzas.setdefault(stanza, []).append(k)
        context = Context([np.array(group) for group in stanzas.values()])
        sure = 1 - shares[:, 8]
        blended = context.blend(np.concatenate([told[:, :2], shares], 1), sure, 0.2, 0.1)
        three_report(f"PO-EMO: {path.parent.name}, in context", three_of_classes(blended[of_poems[:, 0], 2:]), of_poems[:, 1])
        area = roc_auc_score(glads[:, 1], told[glads[:, 0], 0])
        print(f"PO-EMO glad or sorry: {area:.3f}, in context {roc_auc_score(glads[:, 1], blended[glads[:, 0], 0]):.3f}")
