captions-any =
    es war schon immer da drin
    das Netz hat das schon einmal gesehen
    sieh genauer hin, es sieht zurück
    das hat niemand gemalt
    das Bild hat zuerst geblinzelt
    Schlaf ist auch nur ein Gradient
    mehr von was auch immer das ist
    eine Maschine blinzelt in die Wolken
    Pixel bitte nicht füttern
    es kennt dich noch aus dem Trainingsdatensatz
    streng genommen immer noch dein Bild
    das Original ruht sich nur aus
    ich habe nur getan, was die Gewichte sagten
    kann Spuren von Katzen enthalten
    das sah schon so aus, als ich kam
    Kunst, vermutlich
    die Faltung empfängt Sie jetzt
    das war vorher anders, aber nicht besser
    bitte nicht vor dem Essen ansehen
    irgendwo ist ein Gradient sehr stolz
    ich hätte da ein paar Anmerkungen zu deinem Bild
    hast du schon versucht, es in etwas anderes zu verwandeln
    es wurden keine Pixel verletzt, nur überredet
    die Wirklichkeit ist ein lokales Minimum
    Muster erkannt, Muster übertrieben
    du lädst hoch, ich übertreibe
    mit Liebe und Rundungsfehlern gemacht
    lag unter der dritten Faltung
    das erklärt einiges
    kein Filter, ein Gefühl
    die Pixel haben abgestimmt
    nimm es mit und gib ihm einen Namen
captions-calm =
    eine höfliche Halluzination
    nur ein kleiner Traum zwischendurch
    kaum eingenickt
    es spukt nur ein bisschen
captions-loud =
    zum Aufwachen zu spät
    genau dafür ist der Regler da
    die Nachbarn sehen es auch
    dein Bild hat das Gebäude verlassen
    ich habe es vielleicht übertrieben
    das Original lässt grüßen
captions-hellscape =
    kein Ausgang, nur Zoom
    weiter rein, innen ist es geräumiger
    der Boden ist auch nur ein Traum
    nächster Halt: dasselbe, nur näher
captions-bend =
    ich bin auf ein Kabel getreten
    das ist nicht kaputt, das ist Jazz
    Garantie erloschen seit Schicht zwei
    jemand hat meine Neuronen umgeräumt
captions-summon =
    gerufen, gekommen, geblieben
    aus dem Nichts und in Eile
    eben war das noch Rauschen
    aus dem Gedächtnis gemalt, leider aus meinem
captions-guide =
    ganz das andere Bild
    kommen zwei Bilder in ein Netz
    eine gewisse Familienähnlichkeit
captions-style =
    mit fremden Pinseln gemalt
    dasselbe Motiv, andere Hände
    verkleidet als das andere Bild
captions-video =
    es bewegt sich, keinen Blickkontakt
    das macht es die ganze Zeit
    Pause drücken hilft auch nicht
captions-eyes =
    Augen haben hier die Mehrheit
    fürchtet euch nicht
    die ersten Augen gehen auf
    die Räder haben Augen
    du wirst liebevoll beobachtet
    sie blinzeln, wenn du nicht hinsiehst
    der Optiker hat angerufen
captions-dogs =
    die Hunde haben dich bemerkt
    wer hat die Hunde reingelassen
    es sind wieder Hunde
    irgendwo steckt immer ein Hund
    Sitz, Platz, konvergier
    manches davon ist Nase
captions-fur =
    Fell, wo kein Fell hingehört
    angeblich weich
    dein Bild haart
    vor Gebrauch bürsten
captions-birds =
    ein Vogel oder ein Hund oder beides
    erst Federn, dann Fragen
    jemand hat den Käfig offen gelassen
    leicht wie eine Feder, nur mehr davon
captions-animals =
    halb Tier, halb Gemälde
    jemand hat den Zoo umgerührt
    Köpfe wachsen, wo es Köpfen gefällt
    Noah hatte es eilig
    der Streichelzoo streichelt zurück
captions-edges =
    alle Kanten führen hierher
    mit sehr nervösem Lineal gezeichnet
    bitte an allen Linien ausschneiden
captions-spirals =
    am Ende kringelt sich alles
    Spiralen bis ganz nach unten
    mir ist etwas schwindlig, danke
    gerührt, nicht geschüttelt
captions-maze =
    das Labyrinth hat keine Mitte
    links, links, links, links
    der Minotaurus ist zu Tisch
captions-weave =
    in Form gehämmert
    gewebt, während du geblinzelt hast
    Oma wäre besorgt und stolz
    geht in der Wäsche nicht raus
captions-spots =
    Perlen von irgendwas
    die Bläschen haben eine Meinung
    verbinde die Punkte, befreie das Ding
captions-towers =
    ohne Baugenehmigung
    hier war mal eine Nase, jetzt ist es ein Dorf
    Zimmer frei, bei den Pixeln fragen
captions-garden =
    ihm wachsen Blätter
    der Garten atmet ein
    bitte nicht gießen
    ein Salat mit Absichten
captions-jumble =
    von allem etwas, erklärt nichts
    das Museum ist umgefallen
    das Fundbüro träumt
captions-whisper =
    psst, gleich wird es etwas
    nur ein Gerücht von Augen
captions-emboss =
    handgeprägt, ganz ohne Hände
    ein ausgezeichneter Sattel
captions-oracle =
    frag es irgendwas
    es wusste, dass du das postest
    ein großes Auge, kein Small Talk
captions-giger =
    im Weltraum sieht dich jeder
    die Rippen sind tragend
captions-porcelain =
    bitte nicht fallen lassen
    frisch aus dem Ofen und blinzelt noch
captions-temple =
    Schuhe bitte ausziehen
    ein Dach geht noch, sagte das Dach
captions-storm =
    heiter bis Blitz
    zähl die Sekunden bis zum Donner
captions-totem =
    die Ahnen haben Anmerkungen
    wer ganz unten steht, trägt alle
captions-lotus =
    Verzeihung wegen der Löcher
    löchrig wie meine Argumente
captions-agate =
    ein Stein mit reichem Innenleben
    zehn Millionen Jahre in neun Sekunden
captions-classic =
    wie damals, 2015
    damit fing alles an
captions-mosaic =
    heute Morgen war es noch ganz
    tausend Teile, keine Schachtel
captions-watercolour =
    stand wohl im Regen
    bei sechzig Grad gewaschen
captions-sheet =
    such dir dein Gift aus
    vier Türen, alle gehen nach innen auf
    eins davon sieht dich schon an
    das Netz konnte sich nicht entscheiden
    wähl schnell, sie wachsen noch
