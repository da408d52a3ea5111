import Risk
